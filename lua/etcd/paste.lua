-- Neovim's half of autoload/etcd/ui/answer.vim: a bracketed paste would otherwise go into the buffer under the question.
local M = {}
local paste

--- From now on a paste comes as two keys, so it is no answer. Its text goes nowhere.
function M.refuse()
  paste = paste or vim.paste
  vim.paste = function()
    vim.api.nvim_input('<Esc><Esc>')
    return true
  end
end

--- The editor takes pastes as before.
function M.allow()
  vim.paste = paste or vim.paste
  paste = nil
end

return M
