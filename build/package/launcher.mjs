#!/usr/bin/env node
// Any Node understands this file: it says which one the rest needs.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `kube-latency: expected Node 24 or later, got ${process.versions.node} (${process.execPath}); put a newer one first in PATH\n`,
  );
  process.exitCode = 2;
} else {
  await import('../dist/kube-latency/main.mjs');
}
