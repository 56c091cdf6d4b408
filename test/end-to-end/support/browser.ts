import { type Browser, chromium, type Page } from 'playwright-core';
import { requireProgram } from './programs.ts';
import type { Scope } from './scope.ts';

/** A page in real Chromium, and whatever it said that a good page does not say. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts, refusals of the content security policy, requests that failed. */
  readonly complaints: string[];
  /** Dialogs that opened (and were closed): `alert(1)` out of an alert's text would be one. */
  readonly dialogs: string[];
}

export async function startBrowser(scope: Scope): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: requireProgram('chromium'),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  scope.add(() => browser.close());
  return browser;
}

export async function openPage(
  browser: Browser,
  address: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<WatchedPage> {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1200, height: 900 } });
  const complaints: string[] = [];
  const dialogs: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(address);
  await page.getByRole('status').getByText('live').waitFor();
  return { page, complaints, dialogs };
}
