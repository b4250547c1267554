import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { loadConfig } from '../../../receivers/correlator/config.ts';
import {
  addProbeOptions,
  probeConfig,
  type ProbeConfig,
  type ProbeOptions,
} from '../../../receivers/pod-prober/config.ts';
import { rendered, root, workload } from './objects.ts';

/** Budgets of a run beside the probe's own: sweep, deletion, last Events, telemetry. */
const sweepS = 10;
const goneS = 60;
const lateEventsS = 0.25;
const flushS = 5;

for (const [name, objects] of Object.entries(rendered)) {
  const cronJob = workload(objects, 'CronJob pod-prober');
  const { spec } = cronJob.object;
  const job = spec.jobTemplate.spec;

  describe(`CronJob pod-prober, ${name}`, () => {
    it('has the schedule and limits of the first seed', () => {
      assert.equal(spec.schedule, '* * * * *');
      assert.equal(spec.startingDeadlineSeconds, 30);
      assert.equal(spec.concurrencyPolicy, 'Forbid');
      assert.equal(spec.successfulJobsHistoryLimit, 1);
      assert.equal(spec.failedJobsHistoryLimit, 1);
      assert.equal(job.activeDeadlineSeconds, 299);
    });

    it('never repeats a probe', () => {
      assert.equal(cronJob.pod.restartPolicy, 'Never');
      assert.equal(job.backoffLimit, 0);
    });

    it('leaves the prober the time to clean up and to tell, before the Job’s deadline', () => {
      const budgetS = sweepS + config(cronJob.pod.containers[0]?.args).timeoutMs / 1000 + goneS;

      assert.ok(budgetS + lateEventsS + flushS + 20 <= job.activeDeadlineSeconds, `${budgetS}`);
    });

    it('tells the prober which pod it is, so that probe pods go with it', () => {
      const names = cronJob.pod.containers[0]?.env?.map((each) => each.name);

      for (const needed of ['K8S_NAMESPACE_NAME', 'K8S_POD_NAME', 'K8S_POD_UID'])
        assert.ok(names?.includes(needed), needed);
    });
  });
}

describe('Deployment pod-prober', () => {
  const deployment = workload(rendered['everything']!, 'Deployment pod-prober');

  it('probes as often as the CronJob, which then rests', () => {
    const { intervalMs } = config(deployment.pod.containers[0]?.args);

    assert.equal(intervalMs, 60_000);
    assert.equal(workload(rendered['everything']!, 'CronJob pod-prober').object.spec.suspend, true);
  });
});

describe('manifests/base/agent/correlator.yaml', () => {
  it('is a configuration of the correlator', () => {
    const file = fileURLToPath(new URL('manifests/base/agent/correlator.yaml', root));

    const loaded = loadConfig({ config: file }, { K8S_NODE_NAME: 'worker' });

    assert.deepEqual(loaded.observed, [
      { namespaces: [], labels: { 'kube-latency/observe': 'true' } },
    ]);
  });
});

/** What the prober makes of a container's arguments. */
function config(args: readonly string[] = []): ProbeConfig {
  const [program, ...options] = args;
  assert.equal(program, '/app/pod-prober/main.mjs');
  const command = addProbeOptions(new Command()).exitOverride();
  command.parse(options, { from: 'user' });
  return probeConfig(command.opts<ProbeOptions>(), {});
}
