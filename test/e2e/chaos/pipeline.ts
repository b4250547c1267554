import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { probePods } from '../../support/cluster.ts';
import {
  containersOf,
  containersOfAgent,
  correlators,
  nodeNames,
  signalContainer,
  type PipelineContainer,
} from '../../support/components.ts';
import { eventually } from '../../support/eventually.ts';
import type { Kill } from './kill-plan.ts';
import type { Load } from './load.ts';

const backWithinMs = 180_000;

/** The only container of the long-running prober. */
export async function onlyProber(): Promise<PipelineContainer> {
  const [container, ...others] = await containersOf('pod-prober');
  assert.ok(container && others.length === 0, `${others.length + 1} containers`);
  return container;
}

/** Kills what the plan says once that runs, and gives what it was. */
export async function strike({ victim, which, pauseMs }: Kill): Promise<PipelineContainer> {
  await delay(pauseMs);
  return eventually(
    async () => {
      const found = await victims(victim);
      const chosen = found[which % found.length];
      assert.ok(chosen);
      signalContainer(chosen, 'SIGKILL');
      return chosen;
    },
    { withinMs: backWithinMs },
  );
}

async function victims(victim: Kill['victim']): Promise<PipelineContainer[]> {
  if (victim === 'correlator') return correlators();
  return (await containersOf(victim)).filter(
    ({ name }) => name !== 'correlator' && name !== 'viewer',
  );
}

/**
 * Resolves when everything runs again, in containers other than the killed ones, pods are probed, none of before is left, and
 * nothing that was acknowledged is lost.
 */
export async function unharmed(
  load: Load,
  killed: readonly PipelineContainer[] = [],
): Promise<void> {
  const before = new Set(await probePods());
  const gone = new Set(killed.map(({ id }) => id));
  await load.probesAgain();
  await eventually(
    async () => {
      const left = (await probePods()).filter((pod) => before.has(pod));
      assert.deepEqual(left, [], 'leaked');
      const names = ['agent', 'gateway', 'pod-prober'] as const;
      const containers = (await Promise.all(names.map((name) => containersOf(name)))).flat();
      const waiting = containers.filter(({ ready, id }) => !ready || gone.has(id));
      assert.deepEqual(waiting, [], 'not back');
      assert.equal(containers.length, containersOfAgent * nodeNames().length + 3);
    },
    { withinMs: backWithinMs },
  );
  await load.nothingLost();
}
