import assert from 'node:assert/strict';
import { localPaths } from '../../../local/paths.ts';

describe('localPaths()', () => {
  it('uses the home folder where no base folder is set', () => {
    const paths = localPaths({ HOME: '/home/ann' });

    assert.equal(paths.clusterDir, '/home/ann/.local/state/kube-latency/local');
    assert.equal(paths.cacheDir, '/home/ann/.cache/kube-latency');
    assert.equal(paths.stateFile, `${paths.clusterDir}/cluster.json`);
  });

  it('follows XDG_STATE_HOME and XDG_CACHE_HOME', () => {
    const paths = localPaths({ HOME: '/root', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' });

    assert.equal(paths.clusterDir, '/s/kube-latency/local');
    assert.equal(paths.cacheDir, '/c/kube-latency');
  });

  it('ignores a base folder that is not absolute', () => {
    assert.equal(
      localPaths({ HOME: '/root', XDG_STATE_HOME: 'state' }).clusterDir,
      '/root/.local/state/kube-latency/local',
    );
  });

  it('keeps everything that down removes inside the cluster folder, and the cache outside', () => {
    const { clusterDir, cacheDir, ...inside } = localPaths({ HOME: '/root' });

    for (const path of Object.values(inside)) assert.ok(path.startsWith(`${clusterDir}/`), path);
    assert.ok(!cacheDir.startsWith(clusterDir));
  });
});
