import { describe, expect, it } from 'vitest';
import { readRedriveArguments } from '#local/redrive/arguments.ts';

describe('the words behind npm run redrive', () => {
  it.for([
    ['list', { verb: 'list' }],
    ['show ingest', { verb: 'show', queue: 'ingest', limit: 10 }],
    ['show ingest --limit 3', { verb: 'show', queue: 'ingest', limit: 3 }],
    ['show dispatch-failures', { verb: 'show', queue: 'dispatch-failures', limit: 10 }],
    ['replay slack-pages --id m-1', { verb: 'replay', queue: 'slack-pages', id: 'm-1' }],
    ['replay slack-pages --all', { verb: 'replay', queue: 'slack-pages', id: null }],
    ['drop commands --id m-1', { verb: 'drop', queue: 'commands', id: 'm-1', confirmed: false }],
    ['drop commands --id m-1 --yes', { verb: 'drop', queue: 'commands', id: 'm-1', confirmed: true }],
  ] as const)('%s', ([text, command]) => {
    expect(readRedriveArguments(text.split(' '))).toEqual({ ok: true, command, environment: null });
    expect(readRedriveArguments(`${text} --environment prod`.split(' '))).toEqual({
      ok: true,
      command,
      environment: 'prod',
    });
  });

  it.for([
    ['', /^Say what to do/],
    ['purge ingest', /^There is no command "purge"/],
    ['list ingest', /^list takes no queue: use show ingest/],
    ['show', /^show takes one queue of: ingest, releases, slack-pages/],
    ['show slack', /^show takes one queue of/],
    ['show ingest commands', /^show takes one queue of/],
    ['show ingest --limit 0', /^--limit takes a number from 1/],
    ['show ingest --all', /^show takes no --all/],
    ['replay dispatch-failures --all', /^The sweep has dispatched what these stand for: drop them/],
    ['replay ingest', /^replay takes either --id ID or --all/],
    ['replay ingest --id m-1 --all', /^replay takes either --id ID or --all/],
    ['replay ingest --al', /Unknown option '--al'/],
    ['drop ingest', /^drop takes --id ID/],
    ['drop ingest --all', /^drop takes no --all/],
    ['drop ingest --id m-1 --all', /^drop takes no --all/],
    ['list --environment=', /^--environment takes a name/],
    ['list --environment ../prod', /^--environment takes a name/],
  ] as const)('refuses "%s"', ([text, problem]) => {
    expect(readRedriveArguments(text === '' ? [] : text.split(' '))).toEqual({
      ok: false,
      problem: expect.stringMatching(problem),
    });
  });
});
