import assert from 'node:assert/strict';
import { packFor } from '../../../../../receivers/log-tailer/packs/distribution.ts';

const cases: readonly (readonly [string, string, string])[] = [
  [
    'Amazon Linux 2',
    'NAME="Amazon Linux"\nVERSION="2"\nID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n',
    'al2',
  ],
  [
    'Amazon Linux 2023',
    'NAME="Amazon Linux"\nID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n',
    'al2023',
  ],
  ['Bottlerocket', 'NAME=Bottlerocket\nID=bottlerocket\nVERSION_ID=1.25.0\n', 'bottlerocket'],
  ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', 'ubuntu'],
  ['a distribution that is like Ubuntu', "ID=pop\nID_LIKE='ubuntu debian'\n", 'ubuntu'],
  [
    'Debian',
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    'debian',
  ],
  ['Flatcar', 'ID=flatcar\nID_LIKE=coreos\nVERSION_ID=4081.2.0\n', 'flatcar'],
  ['another version of Amazon Linux', 'ID="amzn"\nVERSION_ID="2018.03"\n', 'generic'],
  ['a distribution of which nothing is known', 'ID=talos\nVERSION_ID=v1.9\n', 'generic'],
  ['no text', '', 'generic'],
];

describe('packFor()', () => {
  for (const [what, text, pack] of cases)
    it(`gives ${pack} for ${what}`, () => {
      assert.equal(packFor(text), pack);
    });
});
