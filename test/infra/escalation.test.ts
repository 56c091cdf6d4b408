import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionTimeoutSeconds } from '#shared/runtime/wiring.ts';
import { statementsOf } from './support/policies.ts';
import { at, type Synthesized, synthesize, textAt } from './support/synthesize.ts';

let prod: Synthesized;
beforeAll(async () => {
  prod = await synthesize('prod');
});

const timer = () => {
  const found = prod.service.all('AWS::StepFunctions::StateMachine');
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};
const file = () => readFileSync('infra/escalation.asl.json', 'utf8');
const tick = () => prod.service.idOf('AWS::Lambda::Function', 'FunctionName', 'tocsin-prod-tick-escalation');

describe('the timer', () => {
  it('is deployed from the very file that the local run interprets, for years of waiting', () => {
    expect(textAt(timer(), 'DefinitionString')).toBe(file());
    expect(at(timer(), 'DefinitionSubstitutions')).toEqual({ TickFunctionArn: { 'Fn::GetAtt': [tick(), 'Arn'] } });
    // Express ends after five minutes; the default is Standard, which may run for a year.
    expect(at(timer(), 'StateMachineType')).toBeUndefined();
    expect(at(timer(), 'TracingConfiguration')).toEqual({ Enabled: true });
  });

  it('waits longer for tick-escalation than the function may take', () => {
    expect(JSON.parse(file()).States.Tick.TimeoutSeconds).toBeGreaterThan(functionTimeoutSeconds['tick-escalation']);
  });

  it('may call tick-escalation, and trace, and nothing else', () => {
    const role = textAt(timer(), 'RoleArn', 'Fn::GetAtt', 0);
    const policies = prod.service
      .all('AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties.Roles).includes(role));
    const actions = statementsOf(prod.service)
      .filter(({ holder }) => policies.some(([id]) => id === holder))
      .flatMap((statement) => statement.actions.filter((action) => !action.startsWith('xray:')));
    expect(actions).toEqual(['lambda:InvokeFunction']);
    expect(JSON.stringify(policies)).toContain(JSON.stringify({ 'Fn::GetAtt': [tick(), 'Arn'] }));
  });
});
