-- Neovim's half of autoload/etcd/person.vim before 0.10, which has no SafeState.
local M = {}
local watching, typed = false, false

--- From now on each key is noted, until the editor is idle again.
function M.watch()
  if watching then
    return
  end
  watching = true
  local leaving = false
  vim.on_key(function()
    typed = true
    if not leaving then
      leaving = true
      vim.schedule(function()
        typed, leaving = false, false
      end)
    end
  end, vim.api.nvim_create_namespace('etcd_keys'))
end

--- Whether a key was typed since the editor has been idle. Before watch() nobody knows, and a key is the likely cause.
function M.typed()
  return not watching or typed
end

return M
