import assert from 'node:assert/strict';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expand } from '../../../../../../receivers/log-tailer/journal/compression/expand.ts';
import { expandLz4 } from '../../../../../../receivers/log-tailer/journal/compression/lz4.ts';
import { expandXz } from '../../../../../../receivers/log-tailer/journal/compression/xz.ts';
import { expandZstd } from '../../../../../../receivers/log-tailer/journal/compression/zstd.ts';

const mebibyte = 1024 * 1024;
