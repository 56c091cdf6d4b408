/** The version of Alertmanager whose API we speak, for clients that choose by it (Karma, amtool); and that it is not that program. */
export const spokenVersion = {
  version: '0.33.1',
  revision: 'tocsin',
  branch: 'tocsin',
  buildUser: 'tocsin',
  buildDate: '',
  goVersion: 'none',
} as const;
