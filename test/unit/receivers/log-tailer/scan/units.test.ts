import assert from 'node:assert/strict';
import { unitEvent } from '../../../../../receivers/log-tailer/scan/unit-event.ts';
import { unitLine } from '../../../../../receivers/log-tailer/scan/unit-line.ts';
import { scanLogs } from '../../../../support/log-scanning.ts';

const moment = (seconds: number) => ({
  source: 'Journal',
  atUnixNs: BigInt(seconds) * 1_000_000_000n,
  precisionNs: 1000,
});

describe('unitLine()', () => {
  const cases: readonly (readonly [string, string | undefined, string?])[] = [
    [
      'host systemd[1]: Starting containerd.service - containerd container runtime...',
      'containerd.service',
      'begins',
    ],
    [
      'host systemd[1]: Started kubelet.service - kubelet: The Kubernetes Node Agent.',
      'kubelet.service',
      'done',
    ],
    ['host systemd[1]: Reached target network.target - Network.', 'network.target', 'done'],
    ['host systemd[1]: Reached target Network (Pre).', 'Network (Pre)', 'done'],
    ['host systemd: Starting Kubernetes Kubelet...', 'Kubernetes Kubelet', 'begins'],
    [
      'host systemd[1]: Finished cloud-final.service - Execute cloud user/final scripts.',
      'cloud-final.service',
      'done',
    ],
    ['host systemd[1]: Failed to start kubelet.service - kubelet.', 'kubelet.service', 'failed'],
    ['host systemd[1]: Starting containerd.service...', 'containerd.service', 'begins'],
    ['host systemd[913]: Starting D-Bus User Message Bus Socket...', undefined],
    ['host kubelet[1]: I1128 x] "Started kubelet"', undefined],
    ['host systemd[1]: Stopped containerd.service - containerd container runtime.', undefined],
  ];

  for (const [text, unit, phase] of cases)
    it(`reads ${text}`, () => {
      assert.deepEqual(unitLine(text), unit === undefined ? undefined : { unit, phase });
    });
});

describe('unitEvent()', () => {
  it('makes an event of what a unit did', () => {
    const { definition, occurrence } = unitEvent({
      ...moment(3),
      unit: 'cloud-init-local.service',
      phase: 'done',
    });

    assert.equal(definition.metric, 'unit_cloud_init_local_service_ready');
    assert.equal(definition.name, 'cloud-init-local.service ready');
    assert.deepEqual(occurrence, { ...moment(3), event: definition.metric });
  });
});

describe('a scan', () => {
  it('tells what units did', async () => {
    const text = [
      '2024-11-28T02:59:10.5+00:00 host systemd[1]: Starting containerd.service - containerd container runtime...',
      '2024-11-28T02:59:11.5+00:00 host systemd[1]: Started containerd.service - containerd container runtime.',
    ].join('\n');
    const log = { source: 'Journal', text: `${text}\n`, writtenUnixMs: 0 };
    const { units } = await scanLogs('generic', [log]);

    assert.deepEqual(
      units.map(({ unit, phase }) => `${unit} ${phase}`),
      ['containerd.service begins', 'containerd.service done'],
    );
  });
});
