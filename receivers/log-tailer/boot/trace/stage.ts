import { bootRoot } from '../../../shared/boot-trace.ts';

/** A part of a boot that is told by the events at its ends: of each end the first event that happened. */
export interface Stage {
  /** Name of its span. */
  readonly name: string;
  /** Metrics of events. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** In the order in which a boot goes. */
export const stages: readonly Stage[] = [
  stage('request', ['fleet_requested'], ['instance_pending', 'vm_initialized']),
  stage('machine', ['instance_pending'], ['vm_initialized']),
  stage('network', ['network_start'], ['network_ready']),
  stage('containerd', ['conatinerd_start'], ['conatinerd_initialized']),
  stage('kubelet', ['kubelet_start'], ['kubelet_initialized']),
  stage('registration', ['kubelet_start', 'kubelet_initialized'], ['kubelet_registered']),
  stage('kube-proxy', ['kubelet_registered'], ['kube_proxy_start']),
  stage(
    'cni',
    ['vpc_cni_init_start', 'aws_node_start', 'kubelet_registered'],
    ['vpc_cni_plugin_initialized', 'network_plugin_ready'],
  ),
  stage('ready', ['kubelet_registered', 'kubelet_start'], ['node_ready']),
  stage('schedulable', ['node_ready'], ['node_schedulable']),
  stage('first-pod', ['pod_scheduled', 'pod_created'], ['pod_ready']),
];

/** The stages of cloud-init, where its status does not tell them. */
export const cloudInitStages: readonly Stage[] = [
  stage('cloud-init#init', ['cloudinit_initial_start'], ['cloudinit_config_start']),
  stage('cloud-init#modules-config', ['cloudinit_config_start'], ['cloudinit_final_start']),
  stage('cloud-init#modules-final', ['cloudinit_final_start'], ['cloudinit_final_finish']),
];

function stage(name: string, from: readonly string[], to: readonly string[]): Stage {
  return { name: `${bootRoot}.${name}`, from, to };
}
