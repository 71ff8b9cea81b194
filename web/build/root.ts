// The folder web/, wherever a tool is started from. Node 18 has no import.meta.dirname.
import { fileURLToPath } from 'node:url';

export const kRoot = fileURLToPath(new URL('..', import.meta.url));
