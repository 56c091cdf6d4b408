/**
 * The one host that may speak for a topic: SNS of the topic's own region. AWS's validators take any
 * `sns.<word>.amazonaws.com`, which is also how S3 names a bucket called "sns" in an old region; the region of a topic that the
 * policy file lists leaves no word to choose.
 */
function hostOf(topicArn: string): string | null {
  const [, partition, , region = ''] = topicArn.split(':');
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) return null;
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function atSns(address: string, topicArn: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return isPlain && url.hostname === hostOf(topicArn) ? url : null;
}

/** Is this where SNS keeps the certificate that signs the topic's messages? */
export function isCertificateAddress(address: string, topicArn: string): boolean {
  const url = atSns(address, topicArn);
  return url !== null && /^\/[\w-]+\.pem$/.test(url.pathname) && url.search === '' && url.hash === '';
}

/** Does visiting this confirm a subscription to the topic, and nothing else? */
export function isSubscribeAddress(address: string, topicArn: string): boolean {
  const url = atSns(address, topicArn);
  if (url === null || url.pathname !== '/') return false;
  const { searchParams } = url;
  return searchParams.get('Action') === 'ConfirmSubscription' && searchParams.get('TopicArn') === topicArn;
}
