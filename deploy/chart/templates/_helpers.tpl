{{- define "gpu-exporter.selector" -}}
app.kubernetes.io/name: gpu-exporter
{{- end }}

{{/* On every object. Takes the root, and labels of this one object where it is a list. */}}
{{- define "gpu-exporter.metadata" -}}
name: {{ .name | default "gpu-exporter" }}
{{- if not .clusterWide }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "gpu-exporter.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version | replace "+" "_" }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "gpu-exporter.kubeletRoot" -}}
{{- $roots := dict "microk8s" "/var/snap/microk8s/common/var/lib/kubelet" "k0s" "/var/lib/k0s/kubelet" -}}
{{- .Values.kubeletRoot | default (get $roots .Values.platform) | default "/var/lib/kubelet" -}}
{{- end }}

{{/* Where the Secret of the web configuration is in the container. */}}
{{- define "gpu-exporter.webConfigDirectory" -}}
/etc/gpu-exporter-web
{{- end }}

{{/* What probes ask; by HTTPS where there is TLS and no port of their own, and the kubelet does not verify it. */}}
{{- define "gpu-exporter.probe" -}}
path: {{ .path }}
port: {{ if .root.Values.probePort }}probes{{ else }}metrics{{ end }}
{{- if and (not .root.Values.probePort) .root.Values.webConfig.secret .root.Values.webConfig.tls }}
scheme: HTTPS
{{- end }}
{{- end }}

{{/* The API server is asked by these alone; "true" where one is on. */}}
{{- define "gpu-exporter.asksApiServer" -}}
{{- if or .Values.podMetadata.enabled .Values.dra.enabled .Values.kubernetesAuth.enabled }}true{{ end -}}
{{- end }}
