{{- define "kube-latency.configuration.environment" -}}
{{ include (print .Template.BasePath "/config-map-collector-config.yaml") . }}
{{ include (print .Template.BasePath "/config-map-environment.yaml") . }}
{{ include (print .Template.BasePath "/config-map-operator-config.yaml") . }}
{{ include (print .Template.BasePath "/config-map-rtt-aggregator-config.yaml") . }}
{{ include (print .Template.BasePath "/config-map-rtt-pinger-config.yaml") . }}
{{- end -}}

{{- define "kube-latency.configuration.nodeEnvironment" -}}
{{ include (print .Template.BasePath "/node/config-map-collector-config.yaml") . }}
{{ include (print .Template.BasePath "/node/config-map-correlator-config.yaml") . }}
{{ include (print .Template.BasePath "/node/config-map-environment.yaml") . }}
{{ include (print .Template.BasePath "/node/config-map-log-tailer-config.yaml") . }}
{{ include (print .Template.BasePath "/node/config-map-rtt-pinger-node-config.yaml") . }}
{{- end -}}
