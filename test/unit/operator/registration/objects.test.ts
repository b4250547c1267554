import assert from 'node:assert/strict';
import { registrations } from '../../../../operator/registration/objects.ts';
import { injectingProber, surroundings } from '../../../support/operator/probers.ts';

const client = { url: 'https://127.0.0.1:1' };

function kinds(
  ways: readonly ('policy' | 'webhook' | 'none')[],
  more: object = {},
  caBundle?: string,
) {
  const probers = ways.map((way) => injectingProber({ name: way, way }));
  const around = surroundings({ probers, ...more });
  return registrations({ surroundings: around, client, caBundle }).map(
    ({ collection, name }) => `${collection} ${name}`,
  );
}

const webhook = 'mutatingwebhookconfigurations kube-latency-network-prober';
const policy = [
  'mutatingadmissionpolicies network-prober.default.policy',
  'mutatingadmissionpolicybindings network-prober.default.policy',
];

describe('registrations()', () => {
  it('are a webhook for all that need it, and a policy with a binding for each of the others', () => {
    assert.deepEqual(kinds(['webhook', 'policy'], {}, 'PEM'), [webhook, ...policy]);
  });

  it('are no webhook where nobody needs one, or where there is no certificate yet', () => {
    assert.deepEqual(kinds(['policy'], {}, 'PEM'), policy);
    assert.deepEqual(kinds(['webhook']), []);
  });

  it('are no policy while the image was not seen everywhere, or where there are no policies', () => {
    const partly = new Map([
      [injectingProber().spec.agentImage, { everywhere: false, nodes: new Set(['n1']) }],
    ]);

    assert.deepEqual(kinds(['policy'], { seenImages: partly }), []);
    assert.deepEqual(kinds(['none'], {}, 'PEM'), []);
  });
});
