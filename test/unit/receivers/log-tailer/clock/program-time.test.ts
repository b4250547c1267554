import assert from 'node:assert/strict';
import { programStamp, refined } from '../../../../../receivers/log-tailer/clock/program-time.ts';

const second = 1_000_000_000;
const unixNs = (iso: string) => BigInt(Date.parse(iso)) * 1_000_000n;
const moment = { atUnixNs: unixNs('2022-11-28T02:59:15Z'), precisionNs: second };

/** Milliseconds after 02:59, and how exact. */
function exact(text: string): readonly [number, number] {
  const line = Buffer.from(text);
  const stamp = programStamp(line, 0);
  assert.ok(stamp, text);
  const { atUnixNs, precisionNs } = refined(moment, stamp);
  return [Number((atUnixNs - unixNs('2022-11-28T02:59:00Z')) / 1_000_000n), precisionNs];
}

describe('refined()', () => {
  it('takes the time of the kubelet, whatever its zone', () => {
    assert.deepEqual(exact('host kubelet[1]: I1128 02:59:15.188891 1 x.go:1] x'), [15_188, 1000]);
    assert.deepEqual(exact('host kubelet: I1128 08:29:15.188891 1 x.go:1] x'), [15_188, 1000]);
  });

  it('takes the time of containerd', () => {
    assert.deepEqual(
      exact('host containerd: time="2022-11-28T02:59:15.373083938Z" x'),
      [15_373, 1],
    );
  });

  it('takes that of a line which was stamped in the next second', () => {
    assert.deepEqual(exact('host kubelet: I1128 02:59:14.999000 1 x.go:1] x'), [14_999, 1000]);
  });

  it('takes none that is not of that moment', () => {
    assert.deepEqual(exact('host kubelet: I1128 02:58:10.999000 1 x.go:1] x'), [15_000, second]);
    assert.deepEqual(exact('host kubelet: I1128 02:59:16.100000 1 x.go:1] x'), [15_000, second]);
    assert.deepEqual(exact('host containerd: time="2022-11-27T02:59:15.3Z" x'), [15_000, second]);
  });

  it('takes none for a moment that is exact already', () => {
    const line = Buffer.from('host kubelet: I1128 02:59:15.188891 1 x.go:1] x');
    const known = { ...moment, precisionNs: 1 };

    assert.equal(refined(known, programStamp(line, 0) ?? assert.fail()), known);
  });

  it('keeps what the kernel says since boot', () => {
    const line = Buffer.from('host kernel: [    5.250000] Linux');
    const known = refined(moment, programStamp(line, 0) ?? assert.fail());

    assert.deepEqual(known, { ...moment, monotonicUs: 5_250_000 });
  });
});
