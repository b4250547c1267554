/** What is known of the node; what is not known is left out. */
export interface NodeFacts {
  /** Its name in Kubernetes. */
  readonly name?: string;
  /** Of its object in Kubernetes. */
  readonly uid?: string;
  /** Of the boot that is measured: 32 hexadecimal digits. */
  readonly bootId?: string;
  /** As the cloud names the machine: `i-0681ec41ddb32ba4e`. */
  readonly instanceId?: string;
  readonly instanceType?: string;
  readonly imageId?: string;
  /** `x86_64`, `arm64`. */
  readonly architecture?: string;
  readonly privateIp?: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly availabilityZone?: string;
  /** In OpenTelemetry's words: `aws`. */
  readonly cloudProvider?: string;
  /** `Amazon Linux 2023.9.20250929`. */
  readonly osDescription?: string;
  readonly kernelVersion?: string;
  readonly kubeletVersion?: string;
  /** `containerd://2.2.0`. */
  readonly containerRuntime?: string;
}
