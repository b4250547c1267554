import assert from 'node:assert/strict';
import {
  isMachineId,
  isUsers,
  parseJournalName,
} from '../../../../../receivers/log-tailer/journal/file-name.ts';

const id = '4d3c2b1a0f9e8d7c6b5a493827160504';

describe('the name of a journal', () => {
  const names = {
    'system.journal': { kind: 'system', isRotated: false },
    [`system@${id}-0000000000000001-000660d3786aed30.journal`]: { kind: 'system', isRotated: true },
    'system@000604f3a1b2c3d4-0123456789abcdef.journal~': { kind: 'system', isRotated: true },
    'user-1000.journal': { kind: 'user-1000', isRotated: false },
    [`user-1000@${id}-01-02.journal`]: { kind: 'user-1000', isRotated: true },
    'remote-10.0.0.1.journal': { kind: 'remote-10.0.0.1', isRotated: false },
    'remote-me@here.journal': { kind: 'remote-me@here', isRotated: false },
    '.journal': undefined,
    'system.journal.gz': undefined,
    fss: undefined,
  };
  for (const [name, expected] of Object.entries(names))
    it(`says what it is: ${name}`, () => {
      assert.deepEqual(parseJournalName(name), expected);
    });

  it('tells users’ from others', () => {
    const kinds = ['user-1000', 'user-x', 'system', 'user-1000x'];

    assert.deepEqual(
      kinds.filter((kind) => isUsers({ kind, isRotated: false })),
      ['user-1000'],
    );
  });

  it('tells folders of machines from those of namespaces and others', () => {
    const folders = [id, `${id}.space`, 'remote', id.toUpperCase(), id.slice(1)];

    assert.deepEqual(folders.filter(isMachineId), [id]);
  });
});
