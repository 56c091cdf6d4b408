import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerReceiver } from '#infra/alertmanager-receiver.ts';
import { slackManifest } from '#infra/slack-manifest.ts';
import { parseSlackCommand, verbs } from '#shared/notification/parse-slack-command.ts';
import { answerHelp } from '#shared/notification/slack-command-answers.ts';
import { routes } from '#shared/runtime/alertmanager-api/routes.ts';
import { doors } from '#shared/runtime/wiring.ts';
import { anchorOf, fencesOf, headingsOf, isThere, pathOf, readDoc, relativeLinks, sectionOf } from './markdown.ts';

const guides = readdirSync(pathOf('docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
/** What people read first; the README is in the list as soon as it is there. */
const forPeople = [...['README.md', 'CONTRIBUTING.md'].filter(isThere), ...guides];
const all = [...forPeople, 'CHANGELOG.md', 'shared/GLOSSARY.md', 'shared/DECISIONS.md', 'shared/store/KEYS.md'];

/** Of a door that takes whatever comes, what its function answers. */
const answered = [
  ...doors.filter(({ method }) => method !== 'ANY').map(({ method, path }) => `${method} ${path}`),
  ...routes.map(({ method, path }) => `${method} /alertmanager${path}`),
];

describe('the doors', () => {
  const api = readDoc('docs/api.md');

  it.for(answered)('%s is shown with a request and its answer', (door) => {
    const section = sectionOf(api, `\`${door}\``);
    expect(section, `docs/api.md has no section "### \`${door}\`"`).not.toBeNull();
    const path = door.slice(door.indexOf(' ') + 1).replaceAll(/\{\w+\}/g, '\\w+');
    const requests = fencesOf(section ?? '').filter(({ text }) =>
      new RegExp(`\\$ curl .*\\$TOCSIN${path}\\b`).test(text),
    );
    expect(requests.length, `no curl of ${door}`).toBeGreaterThan(0);
  });

  it('are all that docs/api.md promises', () => {
    const promised = headingsOf(api).flatMap(
      (heading) => /^`((?:GET|POST|DELETE|PUT|PATCH) .+)`$/.exec(heading)?.[1] ?? [],
    );
    expect(promised.sort()).toEqual(answered.toSorted());
  });
});

describe('Slack', () => {
  const slack = readDoc('docs/slack.md');

  it.for(Object.keys(verbs))('/incident %s is explained', (word) => {
    expect(slack).toMatch(new RegExp(`(/incident |Also .*)\`?${word}\\b`));
  });

  it('has a section for each line of its help, and none that Slack would not understand', () => {
    const helped = [...answerHelp(null).text.matchAll(/`\/incident ([\w-]+)/g)].map((match) => match[1] ?? '');
    const sections = headingsOf(slack).flatMap((heading) => /^`\/incident (.+)`$/.exec(heading)?.[1] ?? []);
    expect(sections.map((text) => text.split(' ')[0]).sort()).toEqual([...helped, 'help'].sort());
    const misunderstood = sections
      .map(parseSlackCommand)
      .filter((read) => read.kind === 'help' && read.problem !== null);
    expect(misunderstood).toEqual([]);
  });

  it('gets the manifest that a deployment prints', () => {
    const [manifest] = fencesOf(slack).filter(({ language }) => language === 'yaml');
    expect(parse(manifest?.text ?? '')).toEqual(parse(slackManifest('https://tocsin.example.com')));
  });
});

describe('YAML', () => {
  const blocks = forPeople.flatMap((file) =>
    fencesOf(readDoc(file))
      .filter(({ language }) => language === 'yaml')
      .map(({ text }) => [file, text] as const),
  );

  it.for(blocks)('in %s can be read', ([, text]) => {
    expect(parse(text)).toBeTypeOf('object');
  });

  it('for Alertmanager is the receiver that a deployment prints', () => {
    const [first] = fencesOf(readDoc('docs/alertmanager.md'));
    const printed = parse(alertmanagerReceiver('http://127.0.0.1:8080'));
    expect(parse(first?.text ?? '').receivers).toEqual(printed.receivers);
  });

  it.for(blocks.filter(([, text]) => text.includes('webhook_configs')))('in %s sends to the alert door', ([, text]) => {
    const urls = parse(text).receivers.flatMap((receiver: { webhook_configs: readonly { url: string }[] }) =>
      receiver.webhook_configs.map(({ url }) => new URL(url).pathname),
    );
    expect(new Set(urls)).toEqual(new Set(['/v1/alertmanager']));
  });
});

describe('what a document points to', () => {
  it.for(all)('%s: every relative link leads to a file and a heading', (file) => {
    const broken = relativeLinks(readDoc(file)).filter((link) => {
      const target = link.file === '' ? file : posix.join(posix.dirname(file), link.file);
      if (!isThere(target)) return true;
      return link.anchor !== null && !headingsOf(readDoc(target)).map(anchorOf).includes(link.anchor);
    });
    expect(broken).toEqual([]);
  });

  it.for(forPeople)('%s: every npm script exists', (file) => {
    const { scripts } = JSON.parse(readDoc('package.json'));
    const named = [...readDoc(file).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('docs/operations.md: every metric of the product, and no other', () => {
    const sources = ['measure', 'serve-metrics', 'metrics-text'].map((name) =>
      readDoc(`shared/runtime/api/${name}.ts`),
    );
    const names = (text: string) => new Set(text.match(/tocsin_[a-z_]*[a-z]/g));
    const written = names(sources.join('\n').replaceAll(/`tocsin_\$\{.*?`/g, ''));
    expect([...names(readDoc('docs/operations.md'))].sort()).toEqual([...written].sort());
  });
});
