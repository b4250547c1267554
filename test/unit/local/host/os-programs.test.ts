import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isStaticProgram } from '../../../../local/host/os-programs.ts';

/** A 64-bit ELF file with one program header of the given type. */
function elf(type: number): Buffer {
  const file = Buffer.alloc(64 + 56);
  file.write('\x7fELF\x02\x01', 'latin1');
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(type, 64);
  return file;
}

describe('isStaticProgram()', () => {
  it('is true for a program without a dynamic loader', () => {
    assert.equal(isStaticProgram(elf(1)), true);
  });

  it('is false for a program that names one, such as Node itself', () => {
    assert.equal(isStaticProgram(elf(3)), false);
    assert.equal(isStaticProgram(readFileSync(process.execPath).subarray(0, 4096)), false);
  });

  it('is false for a script and for an empty file', () => {
    assert.equal(isStaticProgram(Buffer.from('#!/bin/sh\n'.padEnd(100))), false);
    assert.equal(isStaticProgram(Buffer.alloc(0)), false);
  });
});
