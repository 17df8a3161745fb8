using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PyAsync.Tests;

/// <summary>A reference from code in one folder to code in another one of the same assembly.</summary>
internal readonly record struct FolderReference(string From, string To, string Source, string Target);

/// <summary>Finds the references between the folders of one assembly: base types, attributes, signatures, and the operands of the code.</summary>
internal sealed class FolderReferences
{
    private readonly SourceFolders _folders;
    private readonly HashSet<FolderReference> _found = [];
    private string? _from;
    private string _source = "";

    private FolderReferences(SourceFolders folders) => _folders = folders;

    public static IReadOnlyCollection<FolderReference> Of(ModuleDefinition module, SourceFolders folders)
    {
        FolderReferences references = new(folders);
        foreach (TypeDefinition type in module.GetTypes())
        {
            references.AddType(type);
        }

        return references._found;
    }

    private void AddType(TypeDefinition type)
    {
        Enter(_folders.Of(type), type);
        Add(type.BaseType);
        type.Interfaces.ToList().ForEach(implemented => Add(implemented.InterfaceType));
        AddAttributes(type);
        AddConstraints(type);
        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        type.Properties.ToList().ForEach(AddAttributes);
        type.Events.ToList().ForEach(AddAttributes);
        foreach (MethodDefinition method in type.Methods)
        {
            Enter(_folders.Of(method), type);
            AddSignature(method);
            AddAttributes(method);
            AddConstraints(method);
            method.Parameters.ToList().ForEach(AddAttributes);
            if (method.HasBody)
            {
                method.Body.Variables.ToList().ForEach(variable => Add(variable.VariableType));
                method.Body.ExceptionHandlers.ToList().ForEach(handler => Add(handler.CatchType));
                method.Body.Instructions.ToList().ForEach(instruction => AddOperand(instruction.Operand));
            }
        }
    }

    private void Enter(string? folder, TypeDefinition type)
    {
        _from = folder;
        _source = SourceFolders.Outermost(type).Name;
    }

    private void AddOperand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type:
                Add(type);
                break;
            case MethodReference method:
                AddMethod(method);
                break;
            case FieldReference field:
                Add(field.DeclaringType);
                Add(field.FieldType);
                break;
            case CallSite site:
                Add(site.ReturnType);
                site.Parameters.ToList().ForEach(parameter => Add(parameter.ParameterType));
                break;
        }
    }

    private void AddMethod(MethodReference method)
    {
        AddSignature(method);
        (method as GenericInstanceMethod)?.GenericArguments.ToList().ForEach(Add);
        (method.DeclaringType as GenericInstanceType)?.GenericArguments.ToList().ForEach(Add);
        // The part of the type that contains the method, which may be in another folder than the other parts.
        if (method.DeclaringType.GetElementType() is TypeDefinition && method.Resolve() is { } definition)
        {
            Add(_folders.Of(definition), SourceFolders.Outermost(definition.DeclaringType).Name);
        }
    }

    private void AddSignature(MethodReference method)
    {
        Add(method.ReturnType);
        method.Parameters.ToList().ForEach(parameter => Add(parameter.ParameterType));
    }

    private void AddConstraints(IGenericParameterProvider provider) =>
        provider.GenericParameters.SelectMany(parameter => parameter.Constraints).ToList().ForEach(constraint => Add(constraint.ConstraintType));

    private void AddAttributes(ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType);
            attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().ToList().ForEach(Add);
        }
    }

    private void Add(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                break;
            case GenericInstanceType instance:
                Add(instance.ElementType);
                instance.GenericArguments.ToList().ForEach(Add);
                break;
            case FunctionPointerType pointer:
                Add(pointer.ReturnType);
                pointer.Parameters.ToList().ForEach(parameter => Add(parameter.ParameterType));
                break;
            case TypeSpecification specification:
                Add(specification.ElementType);
                break;
            // Generated types (closures, state machines) are shared by all parts of their type: their methods show the part.
            case TypeDefinition definition when !definition.Name.StartsWith('<'):
                Add(_folders.Of(definition), SourceFolders.Outermost(definition).Name);
                break;
        }
    }

    private void Add(string? to, string target)
    {
        if (_from is not null && to is not null && _from != to)
        {
            _found.Add(new FolderReference(_from, to, _source, target));
        }
    }
}
