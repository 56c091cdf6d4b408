/**
 * The receiver for alertmanager.yml. `url`: base, no trailing slash. `max_alerts: 0` sends whole groups, which Tocsin needs to
 * see that an alert is gone; the credential stands in a file, so that rotating it takes no reload.
 */
export const alertmanagerReceiver = (url: string): string => `receivers:
  - name: tocsin
    webhook_configs:
      - url: ${url}/v1/alertmanager
        send_resolved: true
        max_alerts: 0
        http_config:
          authorization:
            type: Bearer
            credentials_file: /etc/alertmanager/tocsin-token
`;
