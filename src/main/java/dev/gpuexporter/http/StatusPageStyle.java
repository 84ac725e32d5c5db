package dev.gpuexporter.http;

/** How the status page looks: a table on a wide screen, a card a GPU on a phone, in the colours that the reader prefers. */
final class StatusPageStyle {
    /** Colours of text keep at least 4.5 : 1 to what is behind them. */
    static final String CSS = """
            :root{color-scheme:light dark;--back:#fff;--text:#1b1b1b;--soft:#5c5c5c;--line:#ddd;--link:#0b57c4;
            --bad:#b3151d;--warn:#8a5300;--bar:#4a86d8;--note:#f1f4f9}
            @media(prefers-color-scheme:dark){:root{--back:#121212;--text:#ececec;--soft:#a8a8a8;--line:#333;
            --link:#8ab4f8;--bad:#ff8a80;--warn:#ffc266;--bar:#4a86d8;--note:#1d2230}}
            body{font:16px/1.5 system-ui,sans-serif;margin:1.2rem auto;max-width:80rem;padding:0 1rem;
            background:var(--back);color:var(--text);overflow-wrap:break-word}
            h1{font-size:1.3rem;margin:0}h2{font-size:1rem;margin:0}p{margin:.4rem 0}.soft,th{color:var(--soft)}a{color:var(--link)}nav a{margin-right:1rem}
            .bad{color:var(--bad);font-weight:600}.warn{color:var(--warn);font-weight:600}
            .note{padding:.4rem .7rem;border-left:4px solid var(--bar);background:var(--note)}
            .note.bad{border-color:var(--bad)}.xids{border-color:var(--warn)}.xids p{margin:0;font-size:.875rem}
            table{border-collapse:collapse;width:100%;margin:.8rem 0}
            th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .5rem;border-bottom:1px solid var(--line)}
            th{font-weight:400;font-size:.875rem}.workload,.health{overflow-wrap:anywhere}
            .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            td.n{background:linear-gradient(var(--bar),var(--bar)) no-repeat 0 1.5em/var(--full,0) 3px;
            background-origin:content-box}
            .part td:first-child,.part td:nth-child(2){padding-left:1.6rem}
            .hurt{box-shadow:inset 4px 0 var(--bad)}
            @media(min-width:60rem){.model{min-width:12rem}}
            @media(max-width:60rem){table,tbody{display:block}thead{display:none}
            tr{display:flex;flex-wrap:wrap;gap:0 .9rem;padding:.5rem 0 .5rem .7rem;border-bottom:1px solid var(--line)}
            td,.part td:first-child,.part td:nth-child(2){border:0;padding:0}.part{padding-left:1.7rem}td:empty{display:none}
            .gpu,.model{font-weight:600;order:-3}.gpu::before{content:'GPU '}.part .gpu::before{content:''}
            .health{order:-2;margin-left:auto}.health.bad,.health.warn{margin-left:0;flex-basis:100%}
            .workload{order:-1;flex-basis:100%}
            td.n{text-align:left;font-size:.875rem;background-position:0 100%;padding-bottom:.25rem}
            .use{min-width:2.6rem}.memory{min-width:7.7rem}.temp{min-width:2.6rem}td.n::before{content:attr(data-name);
            display:block;text-transform:capitalize;color:var(--soft);font-size:.75rem;line-height:1.3}}
            """;

    private StatusPageStyle() {}
}
