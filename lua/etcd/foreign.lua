-- Neovim's half of autoload/etcd/foreign.vim.
local M = {}

--- Gives each autocommand of a group the condition that its name is no address.
--- @param group string an augroup that exists
function M.guard(group)
  local autocmds = vim.api.nvim_get_autocmds({ group = group })
  vim.api.nvim_clear_autocmds({ group = group })
  for _, autocmd in ipairs(autocmds) do
    local run = autocmd.callback or function()
      vim.cmd(autocmd.command)
    end
    vim.api.nvim_create_autocmd(autocmd.event, {
      group = group,
      pattern = autocmd.pattern,
      once = autocmd.once,
      callback = function(event)
        if not event.match:find('etcd:', 1, true) then
          return run(event)
        end
      end,
    })
  end
end

return M
