import assert from 'node:assert/strict';
import { probeJob, type CronJob } from '../../../../cli/probe/job.ts';
import { rendered, workload } from '../../manifests/objects.ts';

const cronJob: CronJob = {
  metadata: { name: 'pod-prober', uid: 'the uid' },
  spec: {
    jobTemplate: {
      metadata: { labels: { app: 'prober' }, annotations: { note: 'kept' } },
      spec: {
        activeDeadlineSeconds: 299,
        template: {
          spec: {
            containers: [
              { name: 'sidecar', args: ['serve'] },
              { name: 'pod-prober', args: ['main.mjs', '--timeout=200s'] },
            ],
          },
        },
      },
    },
  },
};
const plain = { flags: [], lasting: false };

describe('probeJob', () => {
  it('is made as by hand from the CronJob, and says by whom', () => {
    const { metadata } = probeJob(cronJob, 'probe-0a1b2c3d', plain);

    assert.deepEqual(metadata, {
      name: 'probe-0a1b2c3d',
      namespace: 'kube-latency',
      labels: { app: 'prober', 'kube-latency/run-by': 'kube-latency-probe' },
      annotations: { note: 'kept', 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: 'pod-prober', uid: 'the uid' },
      ],
    });
  });

  it("puts the user's flags behind the prober's own, so that they win, and asks for JSON", () => {
    const { spec } = probeJob(cronJob, 'p', { flags: ['--timeout', '9s'], lasting: true });

    assert.deepEqual(
      spec.template.spec.containers.map(({ args }) => args),
      [['serve'], ['main.mjs', '--timeout=200s', '--timeout', '9s', '--output=json']],
    );
  });

  it('has the deadline of the CronJob unless the run may take longer', () => {
    assert.equal(probeJob(cronJob, 'p', plain).spec.activeDeadlineSeconds, 299);
    assert.ok(
      !('activeDeadlineSeconds' in probeJob(cronJob, 'p', { flags: [], lasting: true }).spec),
    );
  });

  for (const [name, objects] of Object.entries(rendered))
    it(`keeps what the manifests say otherwise: ${name}`, () => {
      const { object } = workload(objects, 'CronJob pod-prober');
      const given = object.spec.jobTemplate.spec;
      const made = probeJob(object as unknown as CronJob, 'p', plain).spec;

      const [before] = given.template.spec.containers;
      const [after] = made.template.spec.containers;
      assert.deepEqual(after, { ...before, args: [...(before?.args ?? []), '--output=json'] });
      assert.deepEqual({ ...made, template: undefined }, { ...given, template: undefined });
      assert.equal(made.backoffLimit, 0);
    });
});
