import wabt from 'wabt';

/** The text of a TypeScript module that holds what a text of WebAssembly assembles to. Throws where it is not sound. */
export async function literalScanModule(text: string): Promise<string> {
  const tools = await wabt();
  const parsed = tools.parseWat('literal-scan.wat', text, { simd: true });
  try {
    parsed.validate();
    const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
    const lines = base64.match(/.{1,96}/g) ?? [];
    return [
      '/** literal-scan.wat, assembled by `node build/literal-scan.ts`. */',
      'export const literalScanWasm = Buffer.from(',
      '  [',
      ...lines.map((line) => `    '${line}',`),
      "  ].join(''),",
      "  'base64',",
      ');',
      '',
    ].join('\n');
  } finally {
    parsed.destroy();
  }
}
