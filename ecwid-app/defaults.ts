/** What the platform documents about itself; each can be replaced by configuration. */
export const documented = {
  apiBaseUrl: 'https://app.ecwid.com/api/v3',
  oauthBaseUrl: 'https://my.ecwid.com/api/oauth',
  appScriptUrl: 'https://djqizrxa6f10j.cloudfront.net/ecwid-sdk/js/1.3.0/ecwid-app.js',
  frameAncestors: ['https://my.ecwid.com', 'https://*.ecwid.com'],
  /** The least that the product works with; reviewers reject more. */
  scopes: [
    'read_store_profile',
    'read_orders',
    'create_orders',
    'update_orders',
    'read_customers',
    'create_customers',
    'update_customers',
    'read_catalog',
    'create_catalog',
    'update_catalog',
    'add_to_cp',
  ],
} as const;
