// For Neovim's own remote-plugin host (:h remote-plugin): declared by :UpdateRemotePlugins, used where g:etcd.host is 'remote'.
module.exports = require('../../../dist/rplugin.cjs');
