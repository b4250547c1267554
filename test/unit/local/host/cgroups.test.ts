import assert from 'node:assert/strict';
import { parseHierarchies } from '../../../../local/host/cgroups.ts';

describe('parseHierarchies()', () => {
  it('finds hierarchies of both versions among other mounts', () => {
    const mounts = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`;

    assert.deepEqual(parseHierarchies(mounts), [
      { mountPoint: '/sys/fs/cgroup/pids', version: 1 },
      { mountPoint: '/sys/fs/cgroup/unified', version: 2 },
    ]);
  });
});
