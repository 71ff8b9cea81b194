// A report opened from synthetic blocks as the page opens it from its elements.
import { bytesOfBase64, decodeColumns, inflate } from '../src/payload/blocks';
import { openReport } from '../src/data/report';
import { makePayload, type Shape } from './make_payload';

export async function openSynthetic(shape: Shape) {
  const synthetic = makePayload(shape);
  const report = await openReport({
    spec: structuredClone(synthetic.spec),
    async open(table) {
      const block = synthetic.blocks.find((one) => one.table.block === table.block)!;
      return decodeColumns(table, await inflate(bytesOfBase64(block.base64)));
    },
  });
  return { report, synthetic };
}
