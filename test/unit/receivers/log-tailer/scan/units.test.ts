import assert from 'node:assert/strict';
import { startupActivities } from '../../../../../receivers/log-tailer/scan/startup-line.ts';
import { createUnitActivities } from '../../../../../receivers/log-tailer/scan/unit-activities.ts';
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

describe('createUnitActivities()', () => {
  it('tells how long a unit took to start', () => {
    const units = createUnitActivities();
    const begun = units.add({ ...moment(10), unit: 'containerd.service', phase: 'begins' });
    const done = units.add({ ...moment(12), unit: 'containerd.service', phase: 'done' });

    assert.equal(begun, undefined);
    assert.deepEqual(done, {
      kind: 'unit',
      name: 'containerd.service',
      source: 'Journal',
      fromUnixNs: 10_000_000_000n,
      toUnixNs: 12_000_000_000n,
      precisionNs: 1000,
    });
  });

  it('takes a unit that is done without having begun for one that took no time', () => {
    const done = createUnitActivities().add({
      ...moment(12),
      unit: 'network.target',
      phase: 'done',
    });

    assert.equal(done?.fromUnixNs, done?.toUnixNs);
  });

  it('says that a unit failed', () => {
    const units = createUnitActivities();
    units.add({ ...moment(10), unit: 'kubelet.service', phase: 'begins' });
    const failed = units.add({ ...moment(11), unit: 'kubelet.service', phase: 'failed' });

    assert.equal(failed?.failure, 'the unit failed');
  });

  it('keeps boots apart', () => {
    const units = createUnitActivities();
    const unit = 'containerd.service';
    units.add({ ...moment(10), bootId: 'a', unit, phase: 'begins' });
    const done = units.add({ ...moment(12), bootId: 'b', unit, phase: 'done' });

    assert.equal(done?.fromUnixNs, 12_000_000_000n);
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

describe('startupActivities()', () => {
  it('takes a boot apart from its end backwards', () => {
    const text =
      'systemd[1]: Startup finished in 2.5s (firmware) + 1.5s (kernel) + 500ms (initrd) + 1min 8s (userspace) = 1min 12.5s.';
    const activities = startupActivities(text, moment(100));

    assert.deepEqual(
      activities.map(({ kind, fromUnixNs, toUnixNs }) => [
        kind,
        Number(fromUnixNs) / 1e9,
        Number(toUnixNs) / 1e9,
      ]),
      [
        ['kernel', 30, 31.5],
        ['initrd', 31.5, 32],
        ['userspace', 32, 100],
      ],
    );
  });

  it('says nothing of other lines', () => {
    assert.deepEqual(startupActivities('Startup finished', moment(1)), []);
  });
});

describe('a scan', () => {
  it('tells what units and the parts of a boot took', async () => {
    const text = [
      '2024-11-28T02:59:10.5+00:00 host systemd[1]: Starting containerd.service - containerd container runtime...',
      '2024-11-28T02:59:11.5+00:00 host systemd[1]: Started containerd.service - containerd container runtime.',
      '2024-11-28T02:59:12.5+00:00 host systemd[1]: Startup finished in 1s (kernel) + 5s (userspace) = 6s.',
    ].join('\n');
    const scanned = await scanLogs('generic', [
      { source: 'Journal', text: `${text}\n`, writtenUnixMs: 0 },
    ]);

    assert.deepEqual(
      scanned.activities.map(({ kind, name, fromUnixNs, toUnixNs }) => [
        kind,
        name,
        Number(toUnixNs - fromUnixNs) / 1e9,
      ]),
      [
        ['unit', 'containerd.service', 1],
        ['kernel', 'kernel', 1],
        ['userspace', 'userspace', 5],
      ],
    );
    assert.deepEqual(
      scanned.units.map(({ unit, phase }) => `${unit} ${phase}`),
      ['containerd.service begins', 'containerd.service done'],
    );
  });
});
