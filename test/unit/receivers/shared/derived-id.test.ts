import assert from 'node:assert/strict';

import { derivedSpanId } from '../../../../receivers/shared/derived-id.ts';
import { formatTraceparent } from '../../../../receivers/shared/traceparent.ts';

describe('derivedSpanId', () => {
  it('is the first 8 bytes of SHA-256 over trace id, colon and name', () => {
    // printf '0af7651916cd43dd8448eb211c80319c:prober.main' | sha256sum
    assert.equal(
      derivedSpanId('0af7651916cd43dd8448eb211c80319c', 'prober.main'),
      '2a250ea2bb31c085',
    );
  });
});

describe('formatTraceparent', () => {
  const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

  it('writes flag 01 for a sampled span', () => {
    const text = formatTraceparent({ ...span, sampled: true });

    assert.equal(text, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  });

  it('writes flag 00 for a span that is not sampled', () => {
    assert.match(formatTraceparent({ ...span, sampled: false }), /-00$/);
  });
});
