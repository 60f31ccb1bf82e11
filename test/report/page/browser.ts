import { execFileSync } from 'node:child_process';

/** As much of `playwright-core` as the tests use. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  fill(selector: string, text: string): Promise<void>;
  click(selector: string): Promise<void>;
  selectOption(selector: string, value: string): Promise<unknown>;
  textContent(selector: string): Promise<string | null>;
  keyboard: { press(key: string): Promise<void> };
  on(event: string, listener: (subject: { text?(): string; url?(): string }) => void): void;
  screenshot(options: { path: string; fullPage?: boolean }): Promise<unknown>;
  close(): Promise<void>;
}

export interface Browser {
  newPage(options?: {
    viewport?: { width: number; height: number };
    colorScheme?: 'light' | 'dark';
    javaScriptEnabled?: boolean;
    reducedMotion?: 'reduce';
    deviceScaleFactor?: number;
  }): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** A real browser, or why there is none on this machine. */
export async function launchBrowser(): Promise<Browser | string> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) return 'chromium is not installed';
  const playwright = await playwrightCore();
  if (playwright === undefined) return 'playwright-core is not installed';
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return playwright.chromium.launch({ executablePath, args: [...args, ...quiet] });
}

function chromiumPath(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: 'pipe' }).trim();
    } catch {
      // The next name may be known.
    }
  }
  return undefined;
}

interface PlaywrightCore {
  chromium: {
    launch(options: { executablePath: string; args: readonly string[] }): Promise<Browser>;
  };
}

async function playwrightCore(): Promise<PlaywrightCore | undefined> {
  try {
    const name: string = 'playwright-core';
    const module: PlaywrightCore & { readonly default?: PlaywrightCore } = await import(name);
    return module.default ?? module;
  } catch {
    return undefined;
  }
}
