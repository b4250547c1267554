import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { Owner } from '../../../../receivers/pod-prober/owner.ts';
import {
  processState,
  samePodState,
  thisPod,
  thisProcess,
} from '../../../../receivers/pod-prober/process-owner.ts';

describe('processState', () => {
  const self = thisProcess() as Extract<Owner, { kind: 'process' }>;

  it('sees this very process alive', () => {
    assert.equal(self.pid, process.pid);
    assert.equal(processState(self, self), 'alive');
  });

  it('sees a process gone that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    const { pid } = child;
    await once(child, 'exit');

    assert.equal(processState({ ...self, pid: pid ?? 0 }, self), 'gone');
  });

  it('sees a process gone whose id now belongs to another', () => {
    assert.equal(processState({ ...self, startTicks: '1' }, self), 'gone');
  });

  it('cannot see a process of another boot, another host or another pid namespace', () => {
    assert.equal(processState({ ...self, bootId: 'other' }, self), 'elsewhere');
    assert.equal(processState({ ...self, pidNamespace: '1' }, self), 'elsewhere');
    assert.equal(processState(self, undefined), 'elsewhere');
  });
});

describe('thisPod', () => {
  it('is read from the downward API', () => {
    const env = { K8S_POD_NAME: 'prober-1', K8S_POD_UID: 'uid-1' };

    assert.deepEqual(thisPod(env, 'ns', { kind: 'unknown' }), {
      kind: 'pod',
      namespace: 'ns',
      name: 'prober-1',
      uid: 'uid-1',
    });
    assert.equal(thisPod({ POD_NAME: 'p', POD_UID: 'u' }, 'ns', thisProcess())?.kind, 'pod');
  });

  it('names the process too', () => {
    const pod = thisPod({ POD_NAME: 'p', POD_UID: 'u' }, 'ns', thisProcess());

    assert.ok(pod?.kind === 'pod');
    assert.equal(pod.process?.pid, process.pid);
  });

  it('is nothing outside of a pod', () => {
    assert.equal(thisPod({}, undefined, thisProcess()), undefined);
    assert.equal(thisPod({ K8S_POD_NAME: 'p' }, 'ns', thisProcess()), undefined);
  });
});

describe('samePodState', () => {
  const self = thisProcess() as Extract<Owner, { kind: 'process' }>;

  it('takes the process of a container that was restarted as gone', () => {
    assert.equal(samePodState({ ...self, pidNamespace: '1' }, self), 'gone');
    assert.equal(samePodState({ ...self, startTicks: '1' }, self), 'gone');
  });

  it('sees a process of this container alive', () => {
    assert.equal(samePodState(self, self), 'alive');
  });
});
