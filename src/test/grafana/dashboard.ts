/** A dashboard as Grafana's own types have it, made to fit what JSON can say, and narrowed to the panels used here. */
import type * as grafana from '@grafana/schema';
import type { DataTransformerID } from '@grafana/data';
import type * as bargauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as timeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Unit } from '../../../target/grafana/unit';

/** JSON has the values of enums, TypeScript wants their names. */
type Json<T> = T extends string
    ? `${T}`
    : T extends number
      ? `${T}` extends `${infer N extends number}` ? N : T
      : T extends (infer E)[]
        ? Json<E>[]
        : T extends object
          ? { [K in keyof T]: Json<T[K]> }
          : T;

type Defaults<Custom> = Omit<grafana.FieldConfig, 'custom' | 'unit' | 'links'> & {
    unit?: Unit;
    custom?: Partial<Custom>;
    links?: { title: string; url: string; targetBlank?: boolean }[];
};

/** What an override may set: a field's own property, or one of its panel's. */
type Property<Custom> =
    | { [K in keyof Defaults<Custom> & string]: { id: K; value: Required<Defaults<Custom>>[K] } }[keyof Defaults<Custom> & string]
    | { [K in keyof Custom & string]: { id: `custom.${K}`; value: Required<Custom>[K] } }[keyof Custom & string];

/** Grafana publishes no types of Prometheus' queries with its schema. */
interface Target extends Omit<grafana.DataQuery, 'datasource'> {
    datasource: { type: 'prometheus'; uid: string };
    expr: string;
    editorMode?: 'code';
    range?: boolean;
    instant?: boolean;
    format?: 'table' | 'time_series';
    legendFormat?: string;
    interval?: string;
}

type Panel<Type extends string, Options, Custom> = Omit<
    grafana.Panel,
    'type' | 'options' | 'fieldConfig' | 'targets' | 'transformations'
> & {
    type: Type;
    options: Options;
    fieldConfig: {
        defaults: Defaults<Custom>;
        overrides: { matcher: grafana.MatcherConfig; properties: Property<Custom>[] }[];
    };
    targets: Target[];
    transformations?: (Omit<grafana.DataTransformerConfig, 'id'> & { id: DataTransformerID })[];
};

type AnyPanel =
    | Panel<'stat', stat.Options, {}>
    | Panel<'bargauge', bargauge.Options, {}>
    | Panel<'table', table.Options, table.FieldConfig>
    | Panel<'timeseries', timeseries.Options, timeseries.FieldConfig>
    | Panel<'state-timeline', timeline.Options, timeline.FieldConfig>;

type Row = Omit<grafana.RowPanel, 'panels'> & { panels: AnyPanel[] };

export type Dashboard = Json<Omit<grafana.Dashboard, 'panels'> & { panels: (AnyPanel | Row)[] }>;
