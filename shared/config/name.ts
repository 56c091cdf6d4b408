/** What a policy file may call things. Such names are safe in URLs, Slack commands, CloudWatch dimensions, SNS attributes and keys. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;
