// Light and dark: by the system, or by hand; remembered where the browser lets a page remember.
import { effect } from '@preact/signals';
import { kDark, kLight, type Palette } from '../plots/palette';
import type { App, Theme } from './app';

const kKey = 'penfield-theme';
const system = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');

let onPaper = false; // while the page is printed, which is light for everyone

export function isDark(theme: Theme): boolean {
  if (onPaper) return false;
  return theme === 'dark' || (theme === 'system' && system().matches);
}
export const paletteOf = (theme: Theme): Palette => (isDark(theme) ? kDark : kLight);

function remembered(): Theme {
  try {
    const value = localStorage.getItem(kKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage is forbidden, as in a sandbox
  }
}

export function followTheme(app: App): void {
  app.theme.value = remembered();
  const show = () => {
    document.documentElement.dataset.theme = isDark(app.theme.peek()) ? 'dark' : 'light';
    app.drawVersion.value = app.drawVersion.peek() + 1;
  };
  effect(() => {
    app.theme.value;
    show();
  });
  system().addEventListener('change', show);
  for (const [name, printed] of [['beforeprint', true], ['afterprint', false]] as const) {
    addEventListener(name, () => {
      onPaper = printed;
      show();
    });
  }
}

export function setTheme(app: App, theme: Theme): void {
  app.theme.value = theme;
  try {
    localStorage.setItem(kKey, theme);
  } catch {
    // shown all the same, only not remembered
  }
  app.announcement.value = `${theme === 'system' ? 'Colours follow the system' : `${theme} colours`}.`;
}

export function nextTheme(app: App): void {
  setTheme(app, isDark(app.theme.value) ? 'light' : 'dark');
}
