// Writes src/style/heat_steps.css from the palette, so that the page's steps are those that the tests measure.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kHeatSteps } from '../src/data/heat';
import { heatColour, hexOf, kDarkHeat, kLightHeat } from '../src/plots/palette';
import { kRoot } from './root';

export function heatStepsCss(): string {
  const lines = ['/* Made by build/heat_css.ts from plots/palette.ts. */'];
  for (const [where, palette] of [['', kLightHeat], [":root[data-theme='dark'] ", kDarkHeat]] as const) {
    for (let step = -kHeatSteps; step <= kHeatSteps; ++step) {
      const name = `h${step < 0 ? 'n' : 'p'}${Math.abs(step)}`;
      lines.push(`${where}.${name} { background-color: ${hexOf(heatColour(step, kHeatSteps, palette))}; }`);
    }
  }
  return lines.join('\n') + '\n';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(kRoot, 'src/style/heat_steps.css'), heatStepsCss());
}
