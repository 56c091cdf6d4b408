import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Policy } from '#shared/config/policy.ts';
import { alertmanagerReceiver } from './alertmanager-receiver.ts';
import type { FunctionBundles } from './bundle.ts';
import { AlertmanagerApi } from './constructs/alertmanager-api.ts';
import { dashboardRows } from './constructs/dashboard.ts';
import { Escalation } from './constructs/escalation.ts';
import { Gateway } from './constructs/gateway.ts';
import { Ingest } from './constructs/ingest.ts';
import { Lanes } from './constructs/lanes.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { OperatorApi } from './constructs/operator-api.ts';
import { Responders } from './constructs/responders.ts';
import type { Foundation } from './constructs/service-function.ts';
import { StatusPage } from './constructs/status-page.ts';
import { Sweep } from './constructs/sweep.ts';
import { TimelineStream } from './constructs/timeline-stream.ts';
import { Topics } from './constructs/topics.ts';
import { WebhookDoor } from './constructs/webhook-door.ts';
import type { DataStack } from './data-stack.ts';
import { slackManifest } from './slack-manifest.ts';
import type { Stage } from './stage.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly policy: Policy;
  readonly bundles: FunctionBundles;
  readonly data: DataStack;
}

/** What can be rebuilt: everything that moves. Each construct comes after those whose queues and topics it writes to. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stage, policy, bundles, data, ...props }: ServiceStackProps) {
    super(scope, id, props);
    const monitoring = new Monitoring(this, 'Monitoring', { stage });
    const foundation: Foundation = { stage, policy, bundles, monitoring };
    const gateway = new Gateway(this, 'Gateway', { foundation });
    const { publicUrl } = gateway;
    const topics = new Topics(this, 'Topics', { foundation });
    const lanes = new Lanes(this, 'Lanes', { foundation, data, topics, publicUrl });
    const ingest = new Ingest(this, 'Ingest', { foundation, data, lanes });
    new WebhookDoor(this, 'WebhookDoor', { foundation, data, gateway, ingest });
    const escalation = new Escalation(this, 'Escalation', { foundation, data });
    new TimelineStream(this, 'TimelineStream', { foundation, data, lanes, escalation, topics, publicUrl });
    new Responders(this, 'Responders', { foundation, data, gateway, ingest, lanes });
    new OperatorApi(this, 'OperatorApi', { foundation, data, gateway, ingest });
    new AlertmanagerApi(this, 'AlertmanagerApi', { foundation, data, gateway, ingest });
    new StatusPage(this, 'StatusPage', { foundation, data, gateway, lanes });
    new Sweep(this, 'Sweep', { foundation, data, ingest, lanes, escalation, topics, publicUrl });
    monitoring.addDashboard(dashboardRows(stage.environment));

    new CfnOutput(this, 'AlertmanagerReceiver', {
      value: alertmanagerReceiver(publicUrl),
      description: 'For alertmanager.yml',
    });
    new CfnOutput(this, 'SlackManifest', {
      value: slackManifest(publicUrl),
      description: 'For api.slack.com/apps, Create New App, From a manifest',
    });
  }
}
