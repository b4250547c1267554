import assert from 'node:assert/strict';
import { podConditions, proberConditions } from '../../../../operator/cel/pod-conditions.ts';
import { leaveReasons } from '../../../../operator/injection/decision.ts';
import { injectingProber } from '../../../support/operator/probers.ts';

/** What a policy has no condition for, and what sees to it instead. */
const otherwise: Readonly<Record<string, string>> = {
  'system-namespace': 'the namespace selector',
  'own-namespace': 'the namespace selector',
  'namespace-not-opted-in': 'the namespace selector',
  'already-injected': 'not-opted-out: the mark is the same',
  'no-prober': 'the object selector',
  'no-policies': 'there is no policy',
  'runs-to-completion': 'every cluster with policies has native sidecars',
  'image-not-seen': 'a policy is registered when the image was seen everywhere',
};

describe('the conditions of a policy', () => {
  it('see to every reason to leave a pod that nothing else sees to', () => {
    const seenTo = proberConditions(injectingProber()).map(({ name }) => name.replace('not-', ''));

    assert.deepEqual(
      leaveReasons.map(({ reason }) => reason).toSorted(),
      [...seenTo, ...Object.keys(otherwise)].toSorted(),
    );
  });

  it('are among them those by which the API server is spared a call of the webhook', () => {
    const all = proberConditions(injectingProber()).map(({ name }) => name);

    assert.deepEqual(
      podConditions().map(({ name }) => name),
      all.slice(0, podConditions().length),
    );
  });

  it('look at the UDP port where probes go by UDP alone', () => {
    const ofPorts = (spec: Record<string, unknown>): string | undefined =>
      proberConditions(injectingProber({ spec })).find(({ name }) => name === 'not-port-taken')
        ?.expression;

    assert.doesNotMatch(ofPorts({}) ?? '', /8862/);
    assert.match(
      ofPorts({ protocols: ['icmp', 'udp'] }) ?? '',
      /"UDP" && p.containerPort in \[8862\]/,
    );
  });
});
