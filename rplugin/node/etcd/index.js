// For Neovim's own remote-plugin host (:h remote-plugin): declared by :UpdateRemotePlugins, used if g:etcd.host is 'remote'.
module.exports = require('../../../dist/rplugin.cjs');
