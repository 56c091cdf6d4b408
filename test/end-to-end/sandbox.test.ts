import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendTestAlert } from '#local/sandbox/test-alert.ts';
import { openPage, startBrowser } from './support/browser.ts';
import { openedBy } from './support/incidents.ts';
import { readIncident } from './support/operator.ts';
import { makeScope } from './support/scope.ts';
import { startTocsin, type Tocsin, tokens } from './support/tocsin.ts';
import { until } from './support/until.ts';

/** The sandbox as people first meet it: in a browser, with nothing but clicks and words. */
const scope = makeScope();
/** For a look at the pages: `SCREENSHOTS=/some/folder npm run test:end-to-end`. */
const screenshots = process.env.SCREENSHOTS ?? scope.tempDir('screenshots');
let tocsin: Tocsin;
let browser: Browser;

beforeAll(async () => {
  tocsin = await startTocsin(scope);
  browser = await startBrowser(scope);
});
afterAll(scope.end);

const shoot = (page: Page, name: string) => page.screenshot({ path: join(screenshots, `${name}.png`) });
const messagesWith = (page: Page, text: string | RegExp) => page.locator('#messages > li').filter({ hasText: text });

describe('the sandbox in a browser', () => {
  it('shows what an alert leads to, and lets people acknowledge by a button and ask by a command', async () => {
    const { page, complaints, dialogs } = await openPage(browser, `${tocsin.url}/sandbox`);
    await page.getByLabel('Alert').fill('PaymentsFailing');
    await page.getByRole('button', { name: 'Send a test alert' }).click();
    const message = messagesWith(page, 'INC-1').filter({ has: page.getByRole('button', { name: 'Acknowledge' }) });
    await message.waitFor();
    await expect.poll(() => message.textContent()).toContain('PaymentsFailing');
    await page.getByRole('button', { name: '@alice' }).waitFor();
    await shoot(page, 'triggered');

    await message.getByRole('button', { name: 'Acknowledge' }).click();
    await until('the message says so', async () =>
      /acknowledged/i.test((await messagesWith(page, 'INC-1').first().textContent()) ?? ''),
    );
    expect(await readIncident(tocsin, 1)).toMatchObject({
      status: 'acknowledged',
      title: expect.stringContaining('PaymentsFailing'),
    });
    await shoot(page, 'acknowledged');

    await page.getByLabel('/incident').fill('/incident list');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const answer = page.locator('.ephemeral').filter({ hasText: '1 incident is open' });
    await answer.waitFor();
    expect(await answer.textContent()).toContain('only visible to alice');
    expect(await answer.textContent()).toContain('INC-1 SEV1 acknowledged: PaymentsFailing');
    await shoot(page, 'list');

    await page.getByRole('tab', { name: /PagerDuty/ }).click();
    const ring = page.locator('#notifications > li');
    await ring.waitFor();
    expect(await ring.textContent()).toContain('PaymentsFailing');
    await until('the acknowledgement reaches PagerDuty', async () =>
      ((await page.locator('#pagerduty-alerts').textContent()) ?? '').includes('acknowledged'),
    );
    await shoot(page, 'pagerduty');

    await page.getByRole('tab', { name: /Slack/ }).click();
    await page.getByRole('button', { name: /^Resolve PaymentsFailing/ }).click();
    await until('the incident resolves', async () => (await readIncident(tocsin, 1)).status === 'resolved');
    await until('the message says so', async () =>
      /resolved/i.test((await messagesWith(page, 'INC-1').first().textContent()) ?? ''),
    );
    await shoot(page, 'resolved');
    await page.getByRole('tab', { name: /Events/ }).click();
    await page.locator('#events').getByText('INC-1: AlertsResolved, IncidentResolved').waitFor();
    await shoot(page, 'events');
    await page.getByRole('tab', { name: /Fallback/ }).click();
    await page.getByText('Nothing: everybody could be reached.').waitFor();
    expect({ complaints, dialogs }).toEqual({ complaints: [], dialogs: [] });
    await page.close();
  });

  it('silences just this alert by a button, and ends that by another', async () => {
    const { page, complaints } = await openPage(browser, `${tocsin.url}/sandbox`);
    // The button asks before; the page is watched for dialogs that nobody wants.
    await page.evaluate('window.confirm = () => true');
    await page.getByLabel('Alert').fill('DiskFilling');
    await page.getByRole('button', { name: 'Send a test alert' }).click();
    const incident = await openedBy(tocsin, 'DiskFilling');
    const message = messagesWith(page, incident.name).first();
    await message.getByRole('button', { name: 'Silence this alert' }).click();
    await until(
      'the incident resolves',
      async () => (await readIncident(tocsin, incident.number)).status === 'resolved',
    );
    await page
      .locator('.ephemeral')
      .filter({ hasText: `Silenced 1 alert of ${incident.name} until it resolves` })
      .waitFor();
    await page.getByLabel('/incident').fill('/incident silences');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const list = page.locator('.ephemeral').filter({ hasText: '1 silence' }).last();
    await shoot(page, 'silences');
    await list.getByRole('button', { name: 'End it now' }).click();
    await until('it is told again', async () => (await readIncident(tocsin, incident.number)).status === 'triggered');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('lets no text of an alert become code, an element or a mention', async () => {
    const { page, complaints, dialogs } = await openPage(browser, `${tocsin.url}/sandbox`);
    const elementsBefore = await page.locator('img, script, iframe, a[href^="javascript:"]').count();
    const hostile = {
      alertname: '<img src=x onerror=alert(1)>',
      summary:
        '</script><script>alert(2)</script> <!channel> <!here|x> <@U0BOB> <javascript:alert(3)|click> &lt;!channel&gt;',
      instance: '"><svg onload=alert(4)>\u202Eevil\u0000',
    };
    const answer = await sendTestAlert(
      tocsin.url,
      tokens.source,
      { ...hostile, severity: 'critical', service: 'checkout', startsAt: new Date().toISOString() },
      'firing',
    );
    expect(answer.status).toBe(202);
    const incident = await openedBy(tocsin, '<img');
    const message = messagesWith(page, incident.name).first();
    await message.waitFor();
    await page.getByRole('button', { name: '@alice' }).click();
    const direct = messagesWith(page, incident.name).first();
    await direct.waitFor();
    await shoot(page, 'hostile-page');
    await page.getByRole('button', { name: '#incidents' }).click();
    await message.waitFor();
    const shown = (await message.textContent()) ?? '';
    expect(shown).toContain('<img src=x onerror=alert(1)>');
    expect(shown).toContain('</script><script>alert(2)</script>');
    expect(await message.locator('.mention').allTextContents()).toEqual([]);
    expect(await page.locator('img, script, iframe, a[href^="javascript:"]').count()).toBe(elementsBefore);
    await shoot(page, 'hostile');
    for (const tab of ['PagerDuty', 'Fallback', 'Events']) {
      await page.getByRole('tab', { name: new RegExp(tab) }).click();
      expect(await page.locator('img, script, iframe, svg').count()).toBe(elementsBefore);
    }
    // Its buttons still work: nothing in the text broke the message.
    await page.getByRole('tab', { name: /Slack/ }).click();
    await message.getByRole('button', { name: 'Acknowledge' }).click();
    await until(
      'it is acknowledged',
      async () => (await readIncident(tocsin, incident.number)).status === 'acknowledged',
    );
    expect({ complaints, dialogs }).toEqual({ complaints: [], dialogs: [] });
    await page.close();
  });

  it('is readable in light and in dark', async () => {
    const luminances: number[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      const { page, complaints } = await openPage(browser, `${tocsin.url}/sandbox`, scheme);
      await messagesWith(page, 'INC-1').first().waitFor();
      await shoot(page, scheme);
      const contrast = contrastOf(await page.evaluate<Colors>(readColors));
      expect(contrast.ratio).toBeGreaterThan(7);
      luminances.push(contrast.paper);
      await page.setViewportSize({ width: 390, height: 844 });
      await shoot(page, `${scheme}-phone`);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await page.close();
    }
    const [light = 0, dark = 1] = luminances;
    expect(light).toBeGreaterThan(dark);
  });
});

interface Colors {
  readonly color: string;
  readonly backgroundColor: string;
}

/** Runs in the page. */
const readColors =
  '(({ color, backgroundColor }) => ({ color, backgroundColor }))(getComputedStyle(document.documentElement))';

/** WCAG's contrast of the page's ink on its paper. */
function contrastOf({ color, backgroundColor }: Colors): { readonly ratio: number; readonly paper: number } {
  const [ink, paper] = [luminanceOf(color), luminanceOf(backgroundColor)];
  return { ratio: (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), paper };
}

/** Relative luminance of `rgb(r, g, b)`, as WCAG 2 defines it. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
