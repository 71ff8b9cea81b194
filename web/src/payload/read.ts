// From the document to the payload: finds its elements, checks format and version, opens blocks when they are asked for.
import { bytesOfBase64, decodeColumns, inflate, PayloadError, type Column } from './blocks';
import type { PayloadSpec, TableSpec } from './types';

export const kPayloadId = 'penfield-payload';
export const blockId = (name: string): string => `penfield-block-${name}`;

export interface Payload {
  spec: PayloadSpec;
  open(table: TableSpec): Promise<Map<string, Column>>;
}

export function checkSpec(value: unknown): PayloadSpec {
  const spec = value as PayloadSpec;
  if (spec === null || typeof spec !== 'object' || spec.format !== 'penfield-payload') {
    throw new PayloadError('the data in this file are not a Penfield payload');
  }
  if (spec.version !== 1) {
    throw new PayloadError(`the data in this file are of version ${spec.version}; this page reads version 1`);
  }
  for (const name of ['run', 'groups', 'units', 'story', 'words'] as const) {
    if (!spec[name]) throw new PayloadError(`the payload has no "${name}"`);
  }
  const n = spec.groups.reduce((sum, group) => sum + group.n_units, 0);
  if (n !== spec.units.n_rows) {
    throw new PayloadError(`the groups hold ${n} units, the table ${spec.units.n_rows}`);
  }
  return spec;
}

// null: the page as built, without results.
export function readPayload(page: Document): Payload | null {
  const text = page.getElementById(kPayloadId)?.textContent?.trim();
  if (!text) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PayloadError('the payload is not JSON; the file is damaged');
  }
  const spec = checkSpec(value);
  return {
    spec,
    async open(table) {
      const element = page.getElementById(blockId(table.block));
      const base64 = element?.textContent?.trim();
      if (!base64) throw new PayloadError(`block ${table.block} is missing`);
      const columns = decodeColumns(table, await inflate(bytesOfBase64(base64)));
      element!.remove(); // megabytes that nobody reads again
      return columns;
    },
  };
}
