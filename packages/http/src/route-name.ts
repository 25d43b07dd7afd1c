/** What a path is for; the last part of it, but for the page. */
export type RouteName =
  | 'health'
  | 'ready'
  | 'live'
  | 'status'
  | 'refresh'
  | 'overrides'
  | 'stream'
  | 'prometheus'
  | 'dashboard'
  | 'alerts'
  | 'grafana'
  | 'rules'
  | 'page';
