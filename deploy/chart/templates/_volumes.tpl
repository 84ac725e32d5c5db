{{/* Directories of the host: where each is in the container, and why it is there. */}}
{{- define "gpu-exporter.directories" -}}
# The directory, not the socket: a kubelet that restarts makes a new one.
- name: pod-resources
  mountPath: /var/lib/kubelet/pod-resources
  path: {{ include "gpu-exporter.kubeletRoot" . }}/pod-resources
{{- if .Values.gpuOperator.enabled }}
# The operator's own pods make it, and keep it when they stop; until then this pod waits.
- name: validations
  mountPath: /run/nvidia/validations
{{- end }}
{{- if .Values.hostPid.enabled }}
# Only the names of the files are read, no log is.
- name: pod-logs
  mountPath: /var/log/pods
- name: container-logs
  mountPath: /var/log/containers
{{- end }}
{{- if eq .Values.platform "gke" }}
# Made on the host where the driver's installer has not run yet; the exporter waits for the library in it.
- name: driver
  mountPath: /usr/local/nvidia
  path: /home/kubernetes/bin/nvidia
  type: DirectoryOrCreate
{{- end }}
{{- end }}

{{- define "gpu-exporter.volumeMounts" -}}
{{- range include "gpu-exporter.directories" . | fromYamlArray }}
- name: {{ .name }}
  mountPath: {{ .mountPath }}
  readOnly: true
{{- end }}
{{- if .Values.config }}
- name: config
  mountPath: /etc/gpu-exporter
  readOnly: true
{{- end }}
{{- if .Values.webConfig.secret }}
# Without subPath: with one, a renewed certificate would never get here.
- name: web-config
  mountPath: {{ include "gpu-exporter.webConfigDirectory" . }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "gpu-exporter.volumes" -}}
{{- range include "gpu-exporter.directories" . | fromYamlArray }}
- name: {{ .name }}
  hostPath:
    path: {{ .path | default .mountPath }}
    type: {{ .type | default "Directory" }}
{{- end }}
{{- if .Values.config }}
- name: config
  configMap:
    name: gpu-exporter
{{- end }}
{{- with .Values.webConfig.secret }}
- name: web-config
  secret:
    secretName: {{ . }}
    defaultMode: 0400
{{- end }}
{{- end }}
