import assert from 'node:assert/strict';
import {
  al2Boot,
  al2BootWrittenUnixMs,
  type Al2Boot,
} from '../../../../fixtures/log-tailer/al2-boot.ts';
import { scanLogs, type WholeLog } from '../../../../support/log-scanning.ts';

const writtenUnixMs = al2BootWrittenUnixMs;

function logsOf({ messages, pods }: Al2Boot): WholeLog[] {
  return [
    { source: 'Messages', text: messages, writtenUnixMs },
    ...Object.values(pods).map((text) => ({ source: 'aws-node', text, writtenUnixMs })),
  ];
}

/** Seconds after 02:59, by event. */
async function seconds(boot: Al2Boot, chunkBytes?: number): Promise<Record<string, number[]>> {
  const { occurrences } = await scanLogs(
    'al2',
    logsOf(boot),
    chunkBytes === undefined ? {} : { chunkBytes },
  );
  const minuteNs = BigInt(Date.UTC(2022, 10, 28, 2, 59)) * 1_000_000n;
  const found: Record<string, number[]> = {};
  for (const { event, atUnixNs } of occurrences)
    (found[event] ??= []).push(Number((atUnixNs - minuteNs) / 1_000_000n) / 1000);
  return found;
}

const normal = {
  vm_initialized: [7],
  network_start: [10],
  network_ready: [10],
  cloudinit_initial_start: [10],
  cloudinit_config_start: [11],
  cloudinit_final_start: [11],
  cloudinit_final_finish: [14],
  startup_finished: [17],
  conatinerd_start: [10, 12],
  conatinerd_initialized: [10, 12],
  kubelet_start: [14],
  kubelet_initialized: [14.598],
  kubelet_registered: [15.188],
  kube_proxy_start: [16.373],
  vpc_cni_init_start: [16.373],
  aws_node_start: [19.373],
  vpc_cni_plugin_initialized: [22.101],
  node_ready: [25.526],
  pod_ready: [32.689, 32.689],
};

describe('the pack al2', () => {
  it('finds all events of a boot, as often and when the classic reader does, and more exactly where the program says so', async () => {
    assert.deepEqual(await seconds(al2Boot()), normal);
  });

  it('finds the same in chunks of any length', async () => {
    for (const chunkBytes of [300, 4096, 100_000])
      assert.deepEqual(await seconds(al2Boot(), chunkBytes), normal);
  });

  it('finds all but the readiness of a node that is not ready', async () => {
    const { node_ready: _, ...others } = normal;

    assert.deepEqual(await seconds(al2Boot({ ready: false })), others);
  });

  it('finds all but what the log of the CNI plugin tells where there is none', async () => {
    const { vpc_cni_plugin_initialized: _, ...others } = normal;

    assert.deepEqual(await seconds(al2Boot({ cni: false })), others);
  });

  it('reads a log of 1,485 lines', () => {
    assert.equal(al2Boot().messages.split('\n').length - 1, 1485);
    assert.equal(al2Boot({ ready: false }).messages.split('\n').length - 1, 1484);
  });

  it('counts what goes on after the boot', async () => {
    const lines = [
      'kubelet: I1128 03:10:00.5    1 request.go:601] Waited for 1.19s due to client-side throttling, not priority and fairness, request: GET:https://10.0.0.1/api',
      'kernel: Memory cgroup out of memory: Killed process 4711 (java) total-vm:1kB',
      'systemd: kubelet.service holdoff time over, scheduling restart.',
    ].map((text) => `Nov 28 03:10:00 host ${text}\n`);

    const scanned = await scanLogs('al2', [
      { source: 'Messages', text: lines.join(''), writtenUnixMs },
    ]);

    assert.deepEqual(scanned.counted, { throttled_requests: 1, oom_kills: 1, kubelet_restarts: 1 });
    assert.deepEqual(
      scanned.occurrences.map(({ event, comment }) => [event, comment]),
      [['kube_apiserver_throttled', lines[0]?.trimEnd()]],
    );
  });
});
