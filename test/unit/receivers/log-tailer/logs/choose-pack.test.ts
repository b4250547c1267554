import assert from 'node:assert/strict';

import { packFor, parseRelease } from '../../../../../receivers/log-tailer/logs/choose-pack.ts';

const release = (lines: string) => packFor(parseRelease(lines));

describe('the pack of a distribution', () => {
  for (const [what, lines, pack] of [
    [
      'Amazon Linux 2',
      'NAME="Amazon Linux"\nID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"',
      'al2',
    ],
    ['Amazon Linux 2023', 'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"', 'al2023'],
    ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"', 'ubuntu'],
    ['Debian', 'ID=debian\nVERSION_ID="12"', 'debian'],
    ['one like Ubuntu', 'ID=pop\nID_LIKE="ubuntu debian"', 'ubuntu'],
    ['Bottlerocket', 'ID=bottlerocket\nVERSION_ID=1.20.0', 'bottlerocket'],
    ['Flatcar', "ID=flatcar\nID_LIKE=coreos\nVERSION_ID='3815.2.0'", 'flatcar'],
    ['one that nobody knows', 'ID=plan9', 'generic'],
    ['one that says nothing', '', 'generic'],
  ] as const)
    it(`is ${pack} of ${what}`, () => {
      assert.equal(release(lines), pack);
    });
});
