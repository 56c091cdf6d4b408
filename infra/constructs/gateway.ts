import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  CfnBasePathMapping,
  DomainName,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { FilterPattern, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricsNamespace } from '#shared/runtime/metrics.ts';
import { doors } from '#shared/runtime/wiring.ts';
import type { Stage } from '../stage.ts';
import { acknowledge } from '../wildcards.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { Foundation, ServiceFunction } from './service-function.ts';

/** The doors' REST API: chosen because its own answers can be changed (DESIGN section 4). */
export class Gateway extends Construct {
  readonly api: RestApi;
  /** Outside base URL, stage path included, no trailing slash. Made of the API's id alone, so that functions can know it. */
  readonly publicUrl: string;

  constructor(scope: Construct, id: string, { foundation }: { readonly foundation: Foundation }) {
    super(scope, id);
    const { stage } = foundation;
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/tocsin-${stage.environment}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: `tocsin-${stage.environment}`,
      description: 'Every path stands in shared/runtime/wiring.ts',
      endpointTypes: [EndpointType.REGIONAL],
      // The account's role is set once, by the data stack.
      cloudWatchRole: false,
      deployOptions: {
        stageName: stage.environment,
        throttlingRateLimit: stage.throttle.requestsPerSecond,
        throttlingBurstLimit: stage.throttle.burst,
        tracingEnabled: stage.isTraced,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    // The CDK's own output would be a second address beside PublicUrl.
    this.api.node.tryRemoveChild('Endpoint');
    addGatewayResponses(this.api);
    this.#acknowledgeFindings();
    this.publicUrl = this.#makePublicUrl(stage);
    this.#addAlarms(foundation, accessLog);

    new CfnOutput(this, 'PublicUrl', {
      value: this.publicUrl,
      description: 'Where Alertmanager, Slack and PagerDuty reach Tocsin',
    }).overrideLogicalId('PublicUrl');
  }

  /** Opens every door of wiring.ts that the function stands behind. */
  openDoors(fn: ServiceFunction): void {
    // One permission for all doors of a function: with one per method, its policy would grow towards the 20 KB limit.
    const integration = new LambdaIntegration(fn.lambda, { proxy: true, scopePermissionToMethod: false });
    for (const door of doors.filter((each) => each.function === fn.name)) {
      this.api.root.resourceForPath(door.path).addMethod(door.method, integration);
    }
  }

  #makePublicUrl(stage: Stage): string {
    const { region, urlSuffix } = Stack.of(this);
    const own = `https://${this.api.restApiId}.execute-api.${region}.${urlSuffix}/${stage.environment}`;
    if (stage.domain === null) return stage.publicUrl ?? own;
    const { name, certificateArn } = stage.domain;
    const domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    new CfnBasePathMapping(this, 'DomainMapping', {
      domainName: domain.domainName,
      restApiId: this.api.restApiId,
      stage: this.api.deploymentStage.stageName,
    });
    new CfnOutput(this, 'DomainTarget', {
      value: domain.domainNameAliasDomainName,
      description: `Make ${name} a CNAME of this`,
    }).overrideLogicalId('DomainTarget');
    return stage.publicUrl ?? `https://${name}`;
  }

  #acknowledgeFindings(): void {
    const because = (id: string, reason: string) => acknowledge(this, id, reason);
    because('AwsSolutions-APIG2', 'The functions check shapes: who calls is decided before anything is parsed.');
    because('AwsSolutions-APIG3', 'A firewall that blocks answers a final 403, and Alertmanager drops the alerts.');
    because(
      'AwsSolutions-APIG4',
      'Each door knows its callers itself: tokens, Basic, Slack signatures; the status page is public.',
    );
    because('AwsSolutions-COG4', 'No caller has a Cognito identity: see APIG4.');
    because(
      'AwsSolutions-APIG6',
      'Execution logs hold bodies and headers, with credentials and alerts; the functions log instead.',
    );
  }

  #addAlarms({ stage, monitoring }: Foundation, accessLog: LogGroup): void {
    const tooLarge = accessLog.addMetricFilter('TooLarge', {
      filterPattern: FilterPattern.stringValue('$.status', '=', '413'),
      metricNamespace: metricsNamespace,
      metricName: `RequestsTooLarge-${stage.environment}`,
    });
    monitoring.addAlarm({
      id: 'doors-too-large',
      heading: 'doors-too-large',
      says: 'A request was refused as too large: those alerts are not sent again.',
      metric: tooLarge.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: 0,
    });
    monitoring.addAlarm({
      id: 'doors-5xx',
      heading: 'doors-5xx',
      says: 'The doors answer 5xx: senders try again, and alerts are late.',
      metric: this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      above: 4,
    });
  }
}

/** Neither headers nor query strings nor bodies: none of those is free of credentials. `resourcePath` is the door, not the address. */
const accessLogFields = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  door: '$context.resourcePath',
  status: '$context.status',
  responseType: '$context.error.responseType',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
  responseLatency: '$context.responseLatency',
  responseLength: '$context.responseLength',
  userAgent: '$context.identity.userAgent',
  traceId: '$context.xrayTraceId',
};
