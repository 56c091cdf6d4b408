/** One command of amtool; `ID` stands for the id that the last `silence add` printed. */
export interface Command {
  readonly arguments: readonly string[];
  /** Only whether it succeeds is compared: the words are each server's own. */
  readonly exitOnly?: true;
  /** The alerts or silences of the command before take a moment to be seen. */
  readonly afterMillis?: number;
}

const command = (line: string, rest: Omit<Command, 'arguments'> = {}): Command => ({
  arguments: line.split(' ').map((word) => word.replaceAll('_', ' ')),
  ...rest,
});

const unknownId = '00000000-0000-4000-8000-000000000000';

/** What people do with amtool, and their mistakes: each is asked of Alertmanager and of Tocsin. */
export const commands: readonly Command[] = [
  command('alert add alertname=Disk job=x --annotation=summary=full'),
  command('alert add Memory job=y severity=warning'),
  command('alert add alertname=Wrong job=~x'),
  command('alert add alertname=Over --end=2020-01-01T00:00:00Z'),
  command('alert query', { afterMillis: 4_000 }),
  command('alert query job=x'),
  command('alert query Memory'),
  command('alert query job=~x|y'),
  command('alert query job!~x'),
  command('alert query --output=extended severity=warning'),
  command('alert query --receiver=root'),
  command('alert query --receiver=ro'),
  command('alert query --receiver=(', { exitOnly: true }),
  command('alert query job=~"(x|"', { exitOnly: true }),
  command('silence add job=x --comment=one --author=me'),
  command('silence add job=~.* --comment=all --author=me', { exitOnly: true }),
  command('silence add job!=q --comment=negative --author=me'),
  command('silence add job=~( --comment=wrong --author=me', { exitOnly: true }),
  command('silence add job=x --author=me'),
  command('silence add job=x --comment=c --start=2030-01-01T00:00:00Z --end=2029-01-01T00:00:00Z', { exitOnly: true }),
  command('silence add job=x --comment=c --end=2020-01-01T00:00:00Z', { exitOnly: true }),
  command('silence add job=x --comment=c --duration=0s', { exitOnly: true }),
  command('silence add Disk --comment=by_name --author=you --duration=5m'),
  command('silence add zone=~1|2 note="a_\\"quote\\"" --comment=later --author=me --start=2099-01-01T00:00:00Z'),
  command('silence query'),
  command('silence query job=x'),
  command('silence query --quiet job=x'),
  command('silence query --output=extended job!=q'),
  command('silence query job=~x'),
  command('silence query Disk'),
  command('silence query --created-by=you'),
  command('silence query --created-by=nobody'),
  command('silence query --within=10m'),
  command('silence query --expired'),
  command('alert query', { afterMillis: 3_000 }),
  command('alert query --silenced'),
  command('alert query --silenced job=y'),
  command('alert query --inhibited'),
  command('alert query --unprocessed'),
  command('silence add zone=1 --comment=changed --author=me'),
  command('silence update --duration=3h ID'),
  command('silence update --comment=new ID'),
  command(`silence update --comment=new ${unknownId}`, { exitOnly: true }),
  command('silence query zone=1'),
  command('silence expire ID'),
  command('silence expire ID'),
  command(`silence expire ${unknownId}`, { exitOnly: true }),
  command('silence expire nonsense', { exitOnly: true }),
  command('silence query zone=1'),
  command('silence query --expired zone=1'),
  command('silence import --force FILE'),
  command('silence import FILE'),
  command('silence import NOTHING', { exitOnly: true }),
  command('silence query team=imported'),
  command('cluster show'),
  command('config show', { exitOnly: true }),
  command('config routes show', { exitOnly: true }),
  command('config routes test job=x'),
];
