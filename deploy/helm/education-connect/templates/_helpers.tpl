{{- define "education-connect.name" -}}
{{- (contains .Chart.Name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name)) | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "education-connect.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* Pods that answer requests; the check before an upgrade is none of them. */}}
{{- define "education-connect.connector" -}}
{{ include "education-connect.selector" . }}
app.kubernetes.io/component: connector
{{- end }}

{{- define "education-connect.labels" -}}
{{ include "education-connect.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "education-connect.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "education-connect.pod" -}}
automountServiceAccountToken: false
# Variables that name other services are no settings of ours.
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  # The volumes belong to the user.
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
volumes:
  # The copy of the library, made anew in some seconds: nothing in it needs to outlive the pod.
  - name: var
    emptyDir: { sizeLimit: 2Gi }
  - name: tmp
    emptyDir: { sizeLimit: 256Mi }
  {{- range $name, $from := .Values.secrets }}
  - name: {{ include "education-connect.volume" $name }}
    secret: { secretName: {{ $from.secretName | quote }} }
  {{- end }}
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "education-connect.volume" -}}
{{ . | lower | replace "_" "-" }}
{{- end }}

{{- define "education-connect.container" -}}
image: {{ include "education-connect.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
env:
  - { name: NODE_OPTIONS, value: {{ .Values.nodeOptions | quote }} }
  - { name: PUBLIC_URL, value: {{ .Values.publicUrl | quote }} }
  # The Ingress, which tells its client's address: a private network, such as that of the pods.
  {{- if not (hasKey .Values.settings "TRUST_PROXY") }}
  - { name: TRUST_PROXY, value: uniquelocal }
  {{- end }}
  - { name: SHUTDOWN_DELAY_MS, value: {{ mul .Values.shutdownDelaySeconds 1000 | quote }} }
  {{- range $name, $value := .Values.settings }}
  {{- /* JSON's numbers are floating-point ones, which a large one is printed as. */}}
  - { name: {{ $name }}, value: {{ if kindIs "float64" $value }}{{ $value | int64 | quote }}{{ else }}{{ $value | quote }}{{ end }} }
  {{- end }}
  {{- range $name, $from := .Values.secrets }}
  - name: {{ if hasSuffix "_FILE" $name }}{{ $name }}{{ else }}{{ $name }}_FILE{{ end }}
    value: {{ printf "/run/secrets/education-connect/%s/%s" (include "education-connect.volume" $name) $from.key | quote }}
  {{- end }}
resources: {{ toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
volumeMounts:
  - { name: var, mountPath: /app/var }
  - { name: tmp, mountPath: /tmp }
  {{- range $name, $from := .Values.secrets }}
  {{- $volume := include "education-connect.volume" $name }}
  - { name: {{ $volume }}, mountPath: /run/secrets/education-connect/{{ $volume }}, readOnly: true }
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
